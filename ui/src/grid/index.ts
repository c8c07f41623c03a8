export { ColumnChooser } from "./ColumnChooser";
export { DataGrid } from "./DataGrid";
export { ChoiceFilter, type FilterChoice, TextFilter } from "./filters";
export { GridFooter } from "./GridFooter";
export type { Place } from "./keyboard";
export { PAGE, rowsInHand, type RowWindows, useRowWindows } from "./rowWindows";
export type { GridSort } from "./sorting";
export type { CellContext, Column, DataGridProps, GridHandle, GridSelection } from "./types";
export { useColumnLayout } from "./useColumnLayout";
