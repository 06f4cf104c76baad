// Who makes the demo station, and what it speaks of.
import type { CategoryInput, ProfileInput } from '@longwave/contracts';

type Named<Input extends { readonly name: string }> = Pick<Input, 'name'> & Partial<Input>;

/** By the keys that shows name them with. */
export const demoCategories = {
  news: { name: 'News and politics', description: 'From the town hall to the world' },
  music: { name: 'Music', description: 'What other stations do not play' },
  culture: { name: 'Arts and literature' },
  science: { name: 'Science' },
  society: { name: 'Society', description: 'How we live together' },
  languages: { name: 'Languages of the town', description: 'In the mother tongue of whoever speaks' },
  young: { name: 'By the young', description: 'Made by those under 18' },
  sports: { name: 'Sports' },
} as const satisfies Readonly<Record<string, Named<CategoryInput>>>;

/** By the keys that shows and episodes name them with. */
export const demoPeople = {
  maria: { name: 'Maria Anders', biography: 'Has been on air since 1998, mostly before breakfast.' },
  jonas: { name: 'Jonas Berg', biography: 'Reports from the harbour on foot.' },
  aylin: { name: 'Aylin Demir', email: 'aylin@radio.example' },
  tomasz: { name: 'Tomasz Kowalski', biography: 'Owns four thousand jazz records, and has heard most.' },
  priya: { name: 'Priya Raman', biography: 'Physicist by day.' },
  lena: { name: 'Lena Öztürk' },
  mirko: { name: 'Mirko Petrović', biography: 'Brass, and more brass.' },
  hanna: { name: 'Hanna Lindqvist', biography: 'Collects silences.' },
  otto: { name: 'Otto Wagner', email: 'otto@radio.example' },
  sade: { name: 'Sade Okonkwo' },
  emil: { name: 'Emil & class 4b', biography: 'Twenty-one reporters, none of them twelve yet.' },
  ruth: { name: 'Ruth Steiner', biography: 'Reads aloud, and asks who wrote it.' },
  carlos: { name: 'Carlos Fuentes' },
  nils: { name: 'Nils Holm', isActive: false, biography: 'Retired in 2024, and is missed.' },
} as const satisfies Readonly<Record<string, Named<ProfileInput>>>;
