/** A piece of a text; `task` where it names one. */
export interface TextPart {
  readonly text: string;
  readonly task?: number;
}

/** A note cut where it names tasks, such as `Task 9: the mask has another size.`, so that each can be a link. */
export function taskMentions(note: string): readonly TextPart[] {
  return note.split(/(\btasks? \d{1,9}\b)/i).flatMap((text): TextPart[] => {
    if (text === '') return [];
    const task = /^tasks? (\d{1,9})$/i.exec(text)?.[1];
    return [task === undefined ? { text } : { text, task: Number(task) }];
  });
}
