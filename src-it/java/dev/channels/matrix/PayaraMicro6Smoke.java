package dev.channels.matrix;

/** Payara Micro of Jakarta EE 10. */
final class PayaraMicro6Smoke extends ServerSmoke {

    PayaraMicro6Smoke() {
        super(new SmokeServer.Micro("Payara Micro", "payara-micro-6", 17));
    }
}
