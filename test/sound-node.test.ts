import test from 'ava';
import { isSoundNode, SOUND_NODES } from '../src/sound-node.ts';

test('a Node without the fixes of its own line is told apart, also where its number is higher than another line’s', (t) => {
  const verdicts = ['24.22.0', '24.22.1', '24.30.0', '26.12.0', '26.12.1', '26.13.0', '27.0.0'].map(isSoundNode);
  t.deepEqual(verdicts, [false, true, true, false, true, true, true]);
});

test('a line that gets no fixes any more is never sound', (t) => {
  t.deepEqual(['20.20.2', '22.99.9', '25.99.9'].map(isSoundNode), [false, false, false]);
});

test('what is sound can be read', (t) => {
  t.is(SOUND_NODES, '24.22.1 or later of 24, or 26.12.1 or later');
});
