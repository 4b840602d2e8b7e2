export default {
  bar: 'Selected part', copy: 'Copy', copied: 'Copied', not_copied: 'The browser does not allow copying. Select the text and copy it by hand.', export: 'Export', cut: 'Cut the sound', share: 'Share', cutting: 'Cutting…',
  title: 'Share by a link', lead_whole: 'Whoever has the link reads the whole transcript, without an account.', lead_part: 'Whoever has the link reads the part from {from} to {to} only.',
  audio: 'It may be heard, not only read', days: 'Expires in', day: '{n} day | {n} days', password: 'Password (may be left empty)', create: 'Make the link', address: 'Address',
  links: 'Links of this recording', none: 'There are none yet.', whole: 'Everything', over: 'expired', until: 'until {date}', opened: 'opened {n} time | opened {n} times', revoke: 'Revoke', revoked: 'The link works no more', locked: 'with a password',
  page: { locked: 'This page asks for a password', password: 'Password', open: 'Open', part: 'From {from} to {to}', until: 'Open until {date}', download: 'Download', loading: 'Loading…', player: 'Recording', gone: 'This link does not open any more', gone_lead: 'It may have been revoked, or it was not copied in full. Ask whoever sent it for a new one.', failed: 'The page could not be opened' },
}
