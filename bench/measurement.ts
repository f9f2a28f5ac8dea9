/** One measured number. `must` and `aim` are what it is held against; smaller is not always better. */
export type Measurement = {
  name: string;
  value: number;
  unit: string;
  must?: number | string;
  aim?: number | string;
  note?: string;
};
