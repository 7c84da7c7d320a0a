package dev.channels.matrix;

/** Payara Micro of Jakarta EE 11. */
final class PayaraMicro7Smoke extends ServerSmoke {

    PayaraMicro7Smoke() {
        super(new SmokeServer.Micro("Payara Micro", "payara-micro-7", 21));
    }
}
