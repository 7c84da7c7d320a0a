package dev.channels.matrix;

/** GlassFish of Jakarta EE 10. */
final class GlassFish7Smoke extends ServerSmoke {

    GlassFish7Smoke() {
        super(new GlassFishSmokeServer("GlassFish", "glassfish-7", 17));
    }
}
