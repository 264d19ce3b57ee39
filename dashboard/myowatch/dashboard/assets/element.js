// Makes an element; text is only ever text.
export function element(tag, attributes = {}, text) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

// Changes a text only if it is another: what stands still is not read out again.
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
