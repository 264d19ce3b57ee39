// Create an element. The text is never parsed as HTML.
export function element(tag, attributes = {}, text) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

// Set a text only if it changed, so that a screen reader does not repeat it.
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
