/** The applications of the smoke test. */
package dev.channels.matrix.app;
