// Light or dark, before the first paint: a plain script in the head, so that a dark page never flashes white.

(() => {
  const KEY = "rounds-sandbox-theme";
  const system = () => (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  const set = (theme) => {
    document.documentElement.dataset.theme = theme;
  };

  set(localStorage.getItem(KEY) ?? system());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
    set(localStorage.getItem(KEY) ?? system()),
  );

  /** Switch to the other theme; a choice equal to the system's is forgotten, so that the page follows the system again. */
  window.toggleTheme = () => {
    const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    if (next === system()) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, next);
    set(next);
  };
})();
