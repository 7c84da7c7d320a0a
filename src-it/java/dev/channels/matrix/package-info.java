/**
 * The smoke test that every server passes, also those that no other test runs on: its own
 * distribution in a process of its own, applications copied into its folder, all seen from outside.
 */
package dev.channels.matrix;
