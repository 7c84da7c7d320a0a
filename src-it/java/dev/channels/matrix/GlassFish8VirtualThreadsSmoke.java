package dev.channels.matrix;

/** GlassFish of Jakarta EE 11, with an executor of virtual threads. */
final class GlassFish8VirtualThreadsSmoke extends ServerSmoke {

    GlassFish8VirtualThreadsSmoke() {
        super(new GlassFishSmokeServer.WithVirtualThreads("GlassFish", "glassfish-8"));
    }
}
