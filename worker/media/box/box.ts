/** How a program that reads a caller's bytes is isolated from everything else. */
export type BoxLevel =
  /** The kernel refuses files, sockets, processes and signals (our helper, box.c). */
  | 'landlock'
  /** The same without files: the kernel is older than 5.13 or has Landlock switched off. */
  | 'seccomp'
  /** Namespaces that contain only the program and its folder. */
  | 'bubblewrap'
  | 'limits only'
  | 'off';

/** What one run may use. */
export type Room = {
  /** The only folder that it may write, and the only one of ours that it may read. */
  dir: string;
  /** What else it may read. */
  readable: string[];
  memoryBytes: number;
  cpuSeconds: number;
  fileBytes: number;
  /** Of all processes of its user, unless that is root; undefined: any number. */
  threads?: number;
};

export type Inside = {
  program: string;
  args: string[];
  /** What it reads from descriptor 3 before it becomes the program. */
  filter?: Uint8Array;
};

export type Box = {
  level: BoxLevel;
  /** Why it is this level, and how to raise it. */
  reason: string;
  /** The command line that runs the program inside. The program must be an absolute path. */
  wrap(program: string, args: string[], room: Room): Inside;
};
