import { constants } from 'node:os';

/** The numbers of Linux's system calls, in linux/unistd.h of each architecture. */
type Calls = { audit: number; clone: number; refused: number[] };

/** Those since 2019 have the same number everywhere. */
const clone3 = 435;
const ioUringSetup = 425;

/**
 * Refused are new processes and namespaces, and large parts of the kernel that no decoder needs: ptrace, bpf,
 * perf_event_open, userfaultfd, keyctl, add_key and request_key.
 */
const architectures: Partial<Record<NodeJS.Architecture, Calls>> = {
  // fork, vfork; unshare, setns; …
  x64: {
    audit: 0xc000003e,
    clone: 56,
    refused: [57, 58, 272, 308, 101, 321, 298, 323, 250, 248, 249],
  },
  // unshare, setns; …
  arm64: { audit: 0xc00000b7, clone: 220, refused: [97, 268, 117, 280, 241, 282, 219, 217, 218] },
};

const [load, ifEqual, ifAtLeast, ifAnySet, answer] = [0x20, 0x15, 0x35, 0x45, 0x06];
/** Where the kernel puts what a filter looks at. */
const at = { number: 0, architecture: 4, firstArgument: 16 };
const [allow, kill, fail] = [0x7fff0000, 0x80000000, 0x00050000];
const { EPERM, ENOSYS } = constants.errno;
/** x86-64 has further calls, with numbers of their own, from here on. */
const x32 = 0x40000000;
const cloneThread = 0x10000;

type Instruction = [code: number, operand: number, skipIfTrue?: number, skipIfFalse?: number];

/**
 * A seccomp filter in the kernel's binary form, which lets a program start threads but no process.
 * Undefined on architectures other than x86-64 and ARM64.
 */
export function callFilter(architecture: NodeJS.Architecture): Uint8Array | undefined {
  const calls = architectures[architecture];
  if (!calls) return undefined;
  const refuse = (call: number, error: number): Instruction[] => [
    [ifEqual, call, 0, 1],
    [answer, fail | error],
  ];
  const instructions: Instruction[] = [
    [load, at.architecture],
    [ifEqual, calls.audit, 1, 0],
    [answer, kill],
    [load, at.number],
    [ifAtLeast, x32, 0, 1],
    [answer, kill],
    ...calls.refused.flatMap((call) => refuse(call, EPERM)),
    // As if the kernel were older, which programs are prepared for.
    ...[clone3, ioUringSetup].flatMap((call) => refuse(call, ENOSYS)),
    [ifEqual, calls.clone, 0, 3],
    [load, at.firstArgument],
    [ifAnySet, cloneThread, 1, 0],
    [answer, fail | EPERM],
    [answer, allow],
  ];
  const bytes = Buffer.alloc(8 * instructions.length);
  for (const [index, [code, operand, skipIfTrue = 0, skipIfFalse = 0]] of instructions.entries()) {
    bytes.writeUInt16LE(code, 8 * index);
    bytes.writeUInt8(skipIfTrue, 8 * index + 2);
    bytes.writeUInt8(skipIfFalse, 8 * index + 3);
    bytes.writeUInt32LE(operand >>> 0, 8 * index + 4);
  }
  return bytes;
}
