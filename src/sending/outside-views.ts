// S-25: where others show what they see of an IP or a domain. Pure.

/** Somebody else's page, and what it shows. */
export type OutsideView = { readonly name: string; readonly href: string; readonly shows: string };

const postmasterTools: OutsideView = {
  name: 'Google Postmaster Tools',
  href: 'https://postmaster.google.com/',
  shows:
    'What Gmail users report as spam and whether your mail is authenticated, by domain. Google asks you to publish a DNS record.',
};
const snds: OutsideView = {
  name: 'Microsoft SNDS',
  href: 'https://sendersupport.olc.protection.outlook.com/snds/',
  shows:
    'How Outlook.com and Hotmail filter mail from an IP, with its complaints and spam trap hits; nothing about mailboxes at Microsoft 365. Microsoft asks the owner of the network for consent, so tell us when you sign up.',
};
const mxToolbox = (of: string): OutsideView => ({
  name: 'MX Toolbox',
  href: `https://mxtoolbox.com/SuperTool.aspx?action=${encodeURIComponent(`blacklist:${of}`)}`,
  shows: `Whether ${of} is on any of about a hundred blocklists.`,
});

/** Where to see what others think of an IP. */
export const outsideViewsOfIp = (address: string): OutsideView[] => [snds, mxToolbox(address), postmasterTools];

/** Where to see what others think of a domain, by its name in ASCII. */
export const outsideViewsOfDomain = (name: string): OutsideView[] => [postmasterTools, mxToolbox(name)];
