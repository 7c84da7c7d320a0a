package dev.channels.matrix;

/** Payara Server of Jakarta EE 10. */
final class Payara6Smoke extends ServerSmoke {

    Payara6Smoke() {
        super(new GlassFishSmokeServer("Payara", "payara-6", 17));
    }
}
