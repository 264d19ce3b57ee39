// Add a link before everything else. It is visible only while it has the focus.
const STYLE = `
.skip-link { position: fixed; z-index: 1000000; left: 0.5rem; top: -4rem; padding: 0.5rem 0.9rem;
  border-radius: 0.5rem; background: #0b5fa5; color: #fff; font: 600 0.95rem sans-serif; }
.skip-link:focus { top: 0.5rem; outline: 2px solid #fff; }
`;

export default function ({ data }) {
  const main = document.querySelector('[data-testid="stMainBlockContainer"]');
  main.id = "main";
  if (document.querySelector(".skip-link")) return;
  const style = document.createElement("style");
  style.textContent = STYLE;
  const link = document.createElement("a");
  link.className = "skip-link";
  link.href = "#main";
  link.textContent = data.label;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    // Streamlit may have replaced the element meanwhile.
    const current = document.querySelector('[data-testid="stMainBlockContainer"]');
    current.tabIndex = -1;
    current.style.outline = "none";
    current.focus();
  });
  const nav = document.createElement("nav");
  nav.ariaLabel = data.label;
  nav.append(link);
  document.head.append(style);
  document.body.prepend(nav);
}
