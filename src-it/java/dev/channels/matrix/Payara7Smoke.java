package dev.channels.matrix;

/** Payara Server of Jakarta EE 11. */
final class Payara7Smoke extends ServerSmoke {

    Payara7Smoke() {
        super(new GlassFishSmokeServer("Payara", "payara-7", 21));
    }
}
