/**
 * Makes an element equal to another by changing only what differs: everything else keeps its focus, its scroll
 * position and its open state.
 *
 * @param {Element} old
 * @param {Element} wanted
 */
export function patch(old, wanted) {
  // The label of a copy button says whether it copied.
  if (!old.matches('[data-copy]')) {
    const [before, after] = [[...old.childNodes], [...wanted.childNodes]];
    for (const [i, node] of after.entries()) {
      const present = before[i];
      if (present === undefined) old.append(node);
      else if (present instanceof Element && node instanceof Element && alike(present, node))
        patch(present, node);
      else if (present.nodeType !== Node.TEXT_NODE || node.nodeType !== Node.TEXT_NODE)
        present.replaceWith(node);
      else if (present.nodeValue !== node.nodeValue) present.nodeValue = node.nodeValue;
    }
    for (const surplus of before.slice(after.length)) surplus.remove();
  }
  for (const { name, value } of wanted.attributes)
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  for (const { name } of [...old.attributes])
    if (name !== 'open' && !wanted.hasAttribute(name)) old.removeAttribute(name);
}

/**
 * @param {Element} one
 * @param {Element} other
 */
const alike = (one, other) => one.nodeName === other.nodeName && one.id === other.id;
