import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';

const SHOWN_MS = 6000;
let tell: ((text: string) => void) | undefined;

/** Says in passing that something is done; screen readers read it. */
export function say(text: string): void {
  tell?.(text);
}

/** Where `say` speaks. */
export function Toasts(): VNode {
  const [text, setText] = useState('');
  useEffect(() => {
    tell = setText;
    return () => {
      tell = undefined;
    };
  }, []);
  useEffect(() => {
    if (text === '') return undefined;
    const timer = setTimeout(() => setText(''), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return html`<div class="toast" role="status" aria-live="polite">${text !== '' && html`<p>${text}</p>`}</div>`;
}
