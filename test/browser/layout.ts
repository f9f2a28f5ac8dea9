/** Programs for the page: what must not move, and what must not stick out. */

/** The sum of all layout shifts so far. */
export const layoutShift = `new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) sum += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
  // What has been buffered is told before the next frame but one.
  requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));
})`;

export const sidewaysScroll =
  'document.documentElement.scrollWidth - document.documentElement.clientWidth';
