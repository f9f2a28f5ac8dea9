/** Scripts that run in the page: they find what moved while loading and what sticks out sideways. */

/** The sum of all layout shifts so far. */
export const layoutShift = `new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) sum += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
  // The observer reports buffered shifts within two frames.
  requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));
})`;

export const sidewaysScroll =
  'document.documentElement.scrollWidth - document.documentElement.clientWidth';
