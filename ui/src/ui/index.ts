// The primitives. README.md in this folder lists their props.

export { Banner, type BannerTone } from "./Banner";
export { Button, buttonClass, type ButtonKind, type Icon, IconButton, LinkButton } from "./Button";
export { Copy, CopyButton, copyLater, copyText } from "./Copy";
export { ConfirmDialog, Dialog } from "./Dialog";
export { EmptyState, Loading } from "./EmptyState";
export { FailureNote } from "./FailureNote";
export { Checkbox, Field, RadioField, ReadField, SecretField, SelectField, Switch, TextArea, TextField } from "./Field";
export { Freshness } from "./Freshness";
export { Kbd } from "./Kbd";
export { Menu, type MenuAction } from "./Menu";
export { Progress, type SegmentTone } from "./Progress";
export { Refused } from "./Refused";
export { SearchField } from "./SearchField";
export { type Segment, SegmentedFilter } from "./SegmentedFilter";
export { Facts, PanelSection, SidePanel } from "./SidePanel";
export { Badge, type MarkShape, Status, StatusMark, Tag, type Tone } from "./StatusMark";
export { Stepper, type StepperStep } from "./Stepper";
export { toast, toastFailure, ToastRegion } from "./Toast";
export { Tooltip } from "./Tooltip";
export { leaveField, useLeaving } from "./useLeaving";
export { useNarrow } from "./useNarrow";
export { useTyped } from "./useTyped";
