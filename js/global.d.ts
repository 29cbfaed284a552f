/**
 * Declares `window.analytics`, for a project that does not declare it itself. Types alone: name it in a declaration file
 * (`import "tidegate/global"`), or anywhere by `/// <reference types="tidegate/global" />`.
 */
import type { Analytics } from "./tidegate.js";

declare global {
  interface Window {
    analytics?: Analytics;
  }
}
