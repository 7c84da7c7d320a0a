/** The benchmark: the plugin beside a hand-written loop, on one server, driven by one client. */
package dev.channels.bench;
