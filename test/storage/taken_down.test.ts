import { describe } from 'node:test';
import { takenDown } from './taken_down.ts';

describe('files in the database', () => takenDown());
