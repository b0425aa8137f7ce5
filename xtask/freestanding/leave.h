/* Ends a program without libc, with an exit status that says whether everything was right. */

static _Noreturn void leave(int right)
{
    for (;;)
        __asm__ volatile("syscall" : : "a"(231), "D"(right ? 0 : 1) : "rcx", "r11", "memory");
}
