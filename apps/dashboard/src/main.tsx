// The composition root of the page: takes what the browser gives, starts, renders.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@fontsource-variable/archivo/wdth.css';
import '@fontsource-variable/spline-sans-mono';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/shell.css';
import './styles/masthead.css';
import './styles/scale.css';
import './styles/clock.css';
import './styles/panel.css';
import './styles/entries.css';
import './styles/rows.css';
import { App } from './app.tsx';
import { openEvents } from './live/open-events.ts';
import { newId } from './new-id.ts';
import { createStation, startStation } from './station.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id root');

const station = createStation({
  fetch: (...request) => fetch(...request),
  events: openEvents(() => newId(crypto)),
  now: () => new Date(),
  newId: () => newId(crypto),
});
const stop = startStation(station);
// A page in the back/forward cache may hold no connection; if it is shown again it starts from nothing.
addEventListener('pagehide', stop, { once: true });
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) location.reload();
});

createRoot(root).render(
  <StrictMode>
    <App station={station} />
  </StrictMode>,
);
