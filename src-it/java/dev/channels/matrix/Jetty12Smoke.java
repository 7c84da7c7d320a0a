package dev.channels.matrix;

/** Jetty 12.1 of Jakarta EE 10. */
final class Jetty12Smoke extends ServerSmoke {

    Jetty12Smoke() {
        super(new JettySmokeServer("Jetty", "jetty-12", 17));
    }
}
