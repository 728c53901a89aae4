import { escapeHtml } from '../../escape-text.ts';

/** What annotators are to know. */
export interface NoticeLine {
  readonly what: string;
  /** What they can do about it. */
  readonly fix?: string;
}

/** A project's labelling instructions, HTML, and whether the label stream opens with them. */
export interface Instructions {
  readonly text: string;
  readonly shown: boolean;
}

/** Lines that are shown; of the others their number. */
const MOST_LINES = 6;
/**
 * Ours is the paragraph of this class. Label Studio cleans what is stored: comments and most attributes are taken away, classes stay, and a paragraph
 * that somebody left open is closed.
 */
const OURS = /<p\b[^>]*\bclass="datasetgan\b[^"]*"[^>]*>[\s\S]*?<\/p>\n?/g;
/** Beside it: the label stream opens with the instructions because of us. */
const OPENED = 'datasetgan-opened';

/**
 * The instructions with our paragraph before the user's text, which stays as it is. Without lines the paragraph goes. While it is `urgent`, the
 * label stream opens with it; who turns that off is not asked again, and the user's own choice is put back with the last urgent line.
 * @param now as Label Studio has them; undefined is returned where nothing is to be changed
 */
export function withNotice(now: Instructions, lines: readonly NoticeLine[], urgent: boolean): Instructions | undefined {
  const present = now.text.match(OURS)?.join('') ?? '';
  const opened = present.includes(OPENED);
  const open = urgent && lines.length > 0;
  const shown = open ? now.shown || !opened : now.shown && !opened;
  const ours = open && (opened || !now.shown) ? OPENED : '';
  const wanted = lines.length === 0 ? '' : paragraph(lines, ours);
  if (shown === now.shown && words(wanted) === words(present) && wanted.includes(OPENED) === opened) return undefined;
  return { text: wanted + now.text.replace(OURS, ''), shown };
}

function paragraph(lines: readonly NoticeLine[], opened: string): string {
  const more = lines.length - MOST_LINES;
  const rows = lines.slice(0, MOST_LINES).map(({ what, fix }) => `${html(what)}${fix ? ` <i>→ ${html(fix)}</i>` : ''}`);
  if (more > 0) rows.push(`and ${more} more`);
  return `<p class="${['datasetgan', opened].filter(Boolean).join(' ')}"><b>DatasetGAN:</b> ${rows.join('<br>')}</p>\n`;
}

/** A database of Label Studio's refuses U+0000. */
const html = (text: string) => escapeHtml(text.replaceAll('\0', ''));

/** Another Label Studio may write the same HTML otherwise: then it is not written again, for ever. */
function words(html: string): string {
  return html
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(?:amp|lt|gt|quot|#39|#x27);|[&<>"']/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
