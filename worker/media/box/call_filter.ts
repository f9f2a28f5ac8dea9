import { constants } from 'node:os';

const { EPERM, ENOSYS } = constants.errno;

/** Linux's numbers of system calls, on x86-64 and on ARM64, which lacks those that have a more general form. */
const refused: [name: string, x64: number, arm64?: number][] = [
  ['fork', 57],
  ['vfork', 58],
  ['unshare', 272, 97],
  ['setns', 308, 268],
  // Not all kinds belong to the namespace: those of a virtual machine's host do not.
  ['socket', 41, 198],
  ['socketpair', 53, 199],
  // Memory that no limit counts.
  ['memfd_create', 319, 279],
  ['memfd_secret', 447, 447],
  ['shmget', 29, 194],
  ['semget', 64, 190],
  ['msgget', 68, 186],
  ['mq_open', 240, 180],
  // The worker follows what lies in the folder.
  ['link', 86],
  ['linkat', 265, 37],
  ['symlink', 88],
  ['symlinkat', 266, 36],
  ['mknod', 133],
  ['mknodat', 259, 33],
  // Large parts of the kernel that no decoder needs.
  ['ptrace', 101, 117],
  ['bpf', 321, 280],
  ['perf_event_open', 298, 241],
  ['userfaultfd', 323, 282],
  ['keyctl', 250, 219],
  ['add_key', 248, 217],
  ['request_key', 249, 218],
];
/** As if the kernel were older, which programs are prepared for. */
const unknown: [name: string, number: number][] = [
  ['clone3', 435],
  ['io_uring_setup', 425],
];

const architectures: Partial<Record<NodeJS.Architecture, { audit: number; clone: number }>> = {
  x64: { audit: 0xc000003e, clone: 56 },
  arm64: { audit: 0xc00000b7, clone: 220 },
};

const [load, ifEqual, ifAtLeast, ifAnySet, answer] = [0x20, 0x15, 0x35, 0x45, 0x06];
/** Where the kernel puts what a filter looks at. */
const at = { number: 0, architecture: 4, firstArgument: 16 };
const [allow, kill, fail] = [0x7fff0000, 0x80000000, 0x00050000];
/** x86-64 has further calls, with numbers of their own, from here on. */
const x32 = 0x40000000;
const cloneThread = 0x10000;

type Instruction = [code: number, operand: number, skipIfTrue?: number, skipIfFalse?: number];

const refuse = (call: number, error: number): Instruction[] => [
  [ifEqual, call, 0, 1],
  [answer, fail | error],
];

/**
 * A seccomp filter in the kernel's binary form, for a program in namespaces of its own: it starts threads but no
 * process, and leaves alone what is not divided into namespaces. Undefined on architectures other than x86-64 and
 * ARM64.
 */
export function callFilter(architecture: NodeJS.Architecture): Uint8Array | undefined {
  const calls = architectures[architecture];
  if (!calls) return undefined;
  const numbers = refused.map(([_, x64, arm64]) => (architecture === 'x64' ? x64 : arm64));
  return assembled([
    [load, at.architecture],
    [ifEqual, calls.audit, 1, 0],
    [answer, kill],
    [load, at.number],
    [ifAtLeast, x32, 0, 1],
    [answer, kill],
    ...numbers.flatMap((number) => (number === undefined ? [] : refuse(number, EPERM))),
    ...unknown.flatMap(([_, number]) => refuse(number, ENOSYS)),
    [ifEqual, calls.clone, 0, 3],
    [load, at.firstArgument],
    [ifAnySet, cloneThread, 1, 0],
    [answer, fail | EPERM],
    [answer, allow],
  ]);
}

function assembled(instructions: Instruction[]): Uint8Array {
  const bytes = Buffer.alloc(8 * instructions.length);
  for (const [index, [code, operand, skipIfTrue = 0, skipIfFalse = 0]] of instructions.entries()) {
    bytes.writeUInt16LE(code, 8 * index);
    bytes.writeUInt8(skipIfTrue, 8 * index + 2);
    bytes.writeUInt8(skipIfFalse, 8 * index + 3);
    bytes.writeUInt32LE(operand >>> 0, 8 * index + 4);
  }
  return bytes;
}
