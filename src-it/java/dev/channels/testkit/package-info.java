/**
 * What the integration tests share: archives, WebSocket clients, a TCP proxy, loads and their
 * judge.
 */
package dev.channels.testkit;
