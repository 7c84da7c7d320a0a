/** The benchmark of the brokers: the plugin on two nodes beside the bare client of the broker. */
package dev.channels.bench.broker;
