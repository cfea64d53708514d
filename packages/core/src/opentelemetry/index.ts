// What watches an authorizer through OpenTelemetry: @axios-authorizer/core/opentelemetry.
export { openTelemetryObserver } from './open-telemetry-observer.js';
export type { OpenTelemetryObserverOptions } from './open-telemetry-observer.js';
