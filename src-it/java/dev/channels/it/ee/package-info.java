/** An application that uses what a Jakarta EE server has around the library. */
package dev.channels.it.ee;
