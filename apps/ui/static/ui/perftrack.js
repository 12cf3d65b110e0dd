// What a page cannot ask for without a script. The printer:
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) {
    window.print();
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
