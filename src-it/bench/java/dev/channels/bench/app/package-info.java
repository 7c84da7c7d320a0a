/** What the benchmark deploys: one publisher, and the two ways of fan-out that it drives. */
package dev.channels.bench.app;
