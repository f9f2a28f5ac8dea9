/** One measured number, to be compared with `must` and `aim`; smaller is not always better. */
export type Measurement = {
  name: string;
  value: number;
  unit: string;
  must?: number | string;
  aim?: number | string;
  note?: string;
};
