// Which part of the page is on show: the wall with everything, or one panel. Kept in the address (#shows), so that
// it can be bookmarked and the browser's back button works.

export const views = ['wall', 'feed', 'shows', 'packages', 'services', 'audit'] as const;
export type View = (typeof views)[number];

export function viewOf(hash: string): View {
  return views.find((view) => `#${view}` === hash) ?? 'wall';
}
