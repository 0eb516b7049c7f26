import type { components } from './schema';

type Schemas = components['schemas'];

export type Settings = Schemas['SettingsView'];
export type ItGlue = Schemas['ItGlueView'];
export type ItGlueDraft = Schemas['ItGlueDraft'];
export type ItGlueTest = Schemas['ItGlueTestAnswer'];
export type Rollups = Schemas['CompanyRollups'];
export type Draft = Schemas['Draft'];
export type Run = Schemas['RunView'];
export type RunPage = Schemas['RunPage'];
export type EntityRow = Schemas['EntityView'];
export type Entity = Schemas['Entity'];
export type RunKind = Schemas['RunKind'];
export type WriteBack = Schemas['WriteBackView'];
export type LogKind = Schemas['LogKind'];
export type RunState = Schemas['RunState'];
export type RunTrigger = Schemas['RunTrigger'];
export type Stage = Schemas['EntityStage'];
export type Status = Schemas['Status'];
export type TestRequest = Schemas['TestRequest'];
export type TestAnswer = Schemas['TestAnswer'];
export type Feature = Schemas['FeatureRow'];
export type FeatureState = Schemas['FeatureState'];
export type RightState = Schemas['RightState'];
export type Usage = Schemas['UsageView'];
export type AuditRow = Schemas['AuditRow'];
export type Code = Schemas['Code'];
