import { html } from 'htm/preact';
import { Component, type ComponentChildren, type VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { DATASETS, GENERATORS, HEALTH, START } from './address.ts';
import { useLive } from './live.ts';
import { Problem } from './parts/problem.ts';
import { Toasts } from './parts/toast.ts';
import { TokenDialog } from './parts/token-dialog.ts';
import { type RequestError, shownError } from './request.ts';
import { findRoute, type Page } from './routes.ts';
import { texts } from './texts.ts';

const t = texts.common;
const MENU = [
  { href: START, text: t.start, of: /^#?(\/|\/projects.*)?$/ },
  { href: DATASETS, text: t.datasets, of: /^#\/datasets/ },
  { href: GENERATORS, text: t.generators, of: /^#\/generators/ },
  { href: HEALTH, text: t.health, of: /^#\/health/ },
];

/** The whole page: the menu, and the view that the address asks for. */
export function App(): VNode {
  const hash = useHash();
  const main = useRef<HTMLElement>(null);
  const { connected, revision } = useLive();
  useEffect(() => {
    // As a browser does after a link to another document: top of the page, and the keyboard goes on from there.
    scrollTo(0, 0);
    if (document.activeElement !== document.body) main.current?.focus({ preventScroll: true });
  }, [hash.split('?')[0]]);
  return html`
    <a class="skip" href="#content" onClick=${(event: Event) => {
      event.preventDefault();
      main.current?.focus();
    }}>${t.skip}</a>
    <header class="top">
      <a class="top-name" href=${START}>${t.product}</a>
      <nav aria-label=${t.menu}>
        ${MENU.map(({ href, text, of }) => html`<a href=${href} aria-current=${of.test(hash) ? 'page' : undefined}>${text}</a>`)}
      </nav>
    </header>
    ${!connected && revision !== '' && html`<p class="top-note" role="status">${t.disconnected}</p>`}
    <main id="content" tabindex="-1" ref=${main}><${View} key=${hash.split('?')[0]} hash=${hash} /></main>
    <${Toasts} />
    <${TokenDialog} />
  `;
}

function View({ hash }: { readonly hash: string }): VNode {
  const found = findRoute(hash);
  const [page, setPage] = useState<{ readonly page: Page } | undefined>();
  const [problem, setProblem] = useState<RequestError | undefined>();
  const route = found?.route;
  useEffect(() => {
    let gone = false;
    route?.load().then(
      (loaded) => {
        if (!gone) setPage({ page: loaded });
      },
      (thrown: unknown) => {
        if (!gone) setProblem(shownError(thrown));
      },
    );
    return () => {
      gone = true;
    };
  }, [route]);
  if (found === undefined) return html`<h1>${t.noPage}</h1><p><a href=${START}>${t.backToStart}</a></p>`;
  if (problem !== undefined) return html`<${Crash} of=${problem} />`;
  if (page === undefined) return html`<p class="loading" role="status">${t.loading}</p>`;
  return html`<${Guarded}><${page.page} params=${found.params} query=${found.query} /><//>`;
}

/** A view that fails takes neither the menu nor the others with it. */
class Guarded extends Component<{ readonly children: ComponentChildren }, { readonly problem?: RequestError }> {
  static override getDerivedStateFromError(thrown: unknown): { problem?: RequestError } {
    const problem = shownError(thrown);
    return problem === undefined ? {} : { problem };
  }

  override render(): ComponentChildren {
    const { problem } = this.state;
    return problem === undefined ? this.props.children : html`<${Crash} of=${problem} />`;
  }
}

function Crash({ of }: { readonly of: RequestError }): VNode {
  return html`
    <h1>${t.crashed}</h1>
    <${Problem} of=${of} />
    <p><button type="button" onClick=${() => location.reload()}>${t.reload}</button></p>
  `;
}

function useHash(): string {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const change = () => setHash(location.hash);
    addEventListener('hashchange', change);
    return () => removeEventListener('hashchange', change);
  }, []);
  return hash;
}
