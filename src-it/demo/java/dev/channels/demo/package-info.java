/** The demo: what an application that uses the plugin looks like. */
package dev.channels.demo;
