import type { RefObject } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { LEAST_ZOOM, scrollAfterZoom, wheelFactor, zoomedBy } from './zoom-scale.ts';

/** Zoom of what a window shows by scrolling: with the wheel about the pointer, otherwise about the middle. */
export function useZoom(window: RefObject<HTMLElement | null>): { readonly zoom: number; by(factor: number): void; fit(): void } {
  const [zoom, setZoom] = useState(LEAST_ZOOM);
  const shown = useRef({ zoom, at: { x: 0, y: 0 } });

  const about = useCallback((factor: number, at: { x: number; y: number }) => {
    shown.current = { ...shown.current, at };
    setZoom((before) => zoomedBy(before, factor));
  }, []);

  useLayoutEffect(() => {
    const { current: element } = window;
    const { zoom: before, at } = shown.current;
    if (element === null || before === zoom) return;
    element.scrollLeft = scrollAfterZoom(element.scrollLeft, at.x, before, zoom);
    element.scrollTop = scrollAfterZoom(element.scrollTop, at.y, before, zoom);
    shown.current = { ...shown.current, zoom };
  }, [zoom, window]);

  useEffect(() => {
    const { current: element } = window;
    if (element === null) return undefined;
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const { left, top } = element.getBoundingClientRect();
      about(wheelFactor(event.deltaY), { x: event.clientX - left, y: event.clientY - top });
    };
    // Only so may it keep the page from scrolling.
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, [window, about]);

  const by = (factor: number) => {
    const { clientWidth = 0, clientHeight = 0 } = window.current ?? {};
    about(factor, { x: clientWidth / 2, y: clientHeight / 2 });
  };
  return { zoom, by, fit: () => setZoom(LEAST_ZOOM) };
}
