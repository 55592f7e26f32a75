/** `npm run test:kill`: every victim killed at every moment and at every crash point of the dns-worker. Takes some twenty minutes; `npm test` goes round a part of it by rotation. */
process.env['KILL_ALL'] = 'yes';
process.argv.splice(2, process.argv.length, 'kills');
await import('./test.js');
