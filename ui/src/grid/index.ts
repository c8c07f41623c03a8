export { type CellContext, type Column, DataGrid, type DataGridProps, type GridHandle, type GridSelection, type GridSort } from "./DataGrid";
export { GridFooter } from "./GridFooter";
export type { Place } from "./keyboard";
export { rowsInHand, type RowWindows, useRowWindows } from "./rowWindows";
