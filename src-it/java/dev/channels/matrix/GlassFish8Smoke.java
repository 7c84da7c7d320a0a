package dev.channels.matrix;

/** GlassFish of Jakarta EE 11. */
final class GlassFish8Smoke extends ServerSmoke {

    GlassFish8Smoke() {
        super(new GlassFishSmokeServer("GlassFish", "glassfish-8", 21));
    }
}
