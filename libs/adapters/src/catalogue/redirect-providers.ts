/** A provider without an adapter: the customer is sent there, or sets the records by hand. */
export type RedirectProvider = {
  id: string;
  name: string;
  /** `redirect`: the customer allows a template there (Domain Connect). `manual`: no API that others may write through. */
  setup: 'redirect' | 'manual';
  links: { console: string | null; documentation: string };
  steps: readonly string[];
  gate: string | null;
  nameServerPatterns: readonly string[];
};

export const redirectProviders: readonly RedirectProvider[] = [
  {
    id: 'domain-connect',
    name: 'Domain Connect',
    setup: 'redirect',
    links: { console: null, documentation: 'https://www.domainconnect.org/' },
    steps: ['Nothing is stored: the connection shows an address at the customer’s own provider.', 'The customer signs in there and allows the template.'],
    gate: 'The provider has to have taken in our template.',
    nameServerPatterns: [],
  },
  {
    id: 'squarespace',
    name: 'Squarespace',
    setup: 'manual',
    links: { console: 'https://account.squarespace.com/domains', documentation: 'https://support.squarespace.com/hc/en-us/articles/360002101888' },
    steps: ['Open Domains, choose the domain, then DNS, DNS settings.', 'Add the records shown in the connection under Custom records.'],
    gate: 'There is no API through which others may write; Domain Connect is used where it answers.',
    nameServerPatterns: ['*.squarespacedns.com'],
  },
];
