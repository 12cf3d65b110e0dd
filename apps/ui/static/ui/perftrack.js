// What a page cannot ask for without a script. The printer:
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) {
    window.print();
  }
});

// On a phone the rail shows four places, those of daily work; the others open above it and go with a press beside them or Escape.
const more = document.querySelector("[data-more]");
const openMore = (isOpen) => more?.setAttribute("aria-expanded", String(isOpen));
document.addEventListener("click", (event) => {
  openMore(event.target.closest("[data-more]") !== null && more.getAttribute("aria-expanded") === "false");
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    openMore(false);
  }
});

// Texts that were typed and not yet kept stay in this browser, see the grid; who signs out takes theirs along.
document.addEventListener("submit", (event) => {
  if (event.target.matches("form[action*='logout']")) {
    Object.keys(window.localStorage)
      .filter((name) => name.startsWith("perftrack:typed:"))
      .forEach((name) => window.localStorage.removeItem(name));
  }
});
