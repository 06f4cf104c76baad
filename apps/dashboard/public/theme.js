// Puts the remembered theme on the page before its first paint, so that nobody is blinded by the other one.
// A file of its own because the gateway allows no inline scripts. src/theme/theme.ts writes what is read here.
try {
  const theme = localStorage.getItem('longwave.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage can be forbidden; then the system's preference holds.
}
