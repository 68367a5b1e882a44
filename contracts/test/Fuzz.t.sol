// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISeaPurse} from "../src/ISeaPurse.sol";
import {PurseTest} from "./PurseTest.sol";

/// @notice Properties of single calls, for any figures.
contract FuzzTest is PurseTest {
    function testFuzz_open_keepsWhatCame(uint128 amount, address sessionKey, uint48 expiry) public {
        vm.assume(amount > 0 && sessionKey != address(0) && (expiry == 0 || expiry > NOW));
        vm.deal(payer, amount);
        vm.prank(payer);
        purse.open{value: amount}(sessionKey, expiry, amount);
        ISeaPurse.Purse memory p = purse.purse(payer, sessionKey);
        assertEq(p.free, amount, "free");
        assertEq(p.expiry, expiry == 0 ? NEVER : expiry, "expiry");
    }

    /// @notice However a lane's vouchers come, its payee ends with the largest, or all that there is.
    function testFuzz_redeem_anyOrder(uint96[5] memory figures, uint96 reserved) public {
        open();
        if (reserved % 2 == 0) reserve(uint96(bound(reserved, 0, DEPOSIT)), NOW + 100);
        uint256 largest = 0;
        for (uint256 i = 0; i < figures.length; i++) {
            uint96 cumulative = uint96(bound(figures[i], 0, 12 ether));
            if (cumulative > largest) largest = cumulative;
            try this.redeemFromOutside(cumulative) {} catch {} // older than the last, or nothing left
        }
        uint256 paid = largest < DEPOSIT ? largest : DEPOSIT;
        assertEq(payee.balance, paid, "payee");
        assertEq(lane().paid, paid, "paid");
        assertEq(free() + lane().reserved + paid, DEPOSIT, "nothing lost");
    }

    /// @notice One batch does what redeeming one by one does.
    function testFuzz_redeemBatch_isAsOneByOne(uint96[6] memory figures, uint8[6] memory lanes, uint256 spoilt) public {
        open();
        bytes memory all;
        uint256 snapshot = vm.snapshotState();
        for (uint256 i = 0; i < figures.length; i++) {
            ISeaPurse.Voucher memory v =
                ISeaPurse.Voucher(payer, payee, lanes[i] % 2, uint96(bound(figures[i], 0, 8 ether)));
            ISeaPurse.Signature memory s = sign((spoilt >> i) % 2 == 0 ? KEY : OTHER_KEY, address(purse), hashOf(v));
            all = bytes.concat(all, pack(v, s));
            try purse.redeem(v, s) {} catch {}
        }
        (uint256 balance, uint256 first, uint256 second) = outcome();
        vm.revertToStateAndDelete(snapshot);
        purse.redeemBatch(payee, all);
        (uint256 balanceOfBatch, uint256 firstOfBatch, uint256 secondOfBatch) = outcome();
        assertEq(balanceOfBatch, balance, "payee");
        assertEq(firstOfBatch, first, "lane 0");
        assertEq(secondOfBatch, second, "lane 1");
    }

    /// @notice Any bytes for a batch: it pays nothing and, but for its length, never reverts.
    function testFuzz_redeemBatch_anyBytes(bytes memory junk, address to) public {
        open();
        if (junk.length % 97 != 0) vm.expectRevert(ISeaPurse.WrongLength.selector);
        purse.redeemBatch(to, junk);
        assertEq(address(purse).balance, DEPOSIT, "untouched");
    }

    function testFuzz_redeemBatch_anyVouchers(bytes32[3][6] memory words, bytes1 last) public {
        open();
        bytes memory junk;
        for (uint256 i = 0; i < words.length; i++) {
            junk = bytes.concat(junk, abi.encodePacked(words[i][0], words[i][1], words[i][2]), last);
        }
        purse.redeemBatch(payee, junk);
        assertEq(address(purse).balance, DEPOSIT, "untouched");
    }

    /// @notice One flipped bit anywhere in a packed voucher makes it worthless.
    function testFuzz_redeemBatch_anyBitMatters(uint256 bit) public {
        open();
        bytes memory voucher = packed(1 ether);
        bit = bound(bit, 0, 97 * 8 - 1);
        voucher[bit / 8] ^= bytes1(uint8(1 << (bit % 8)));
        purse.redeemBatch(payee, voucher);
        assertEq(payee.balance, 0, "payee");
        assertEq(free(), DEPOSIT, "free");
    }

    function testFuzz_redeemTicks_worth(uint96 cumulative, uint96 tick, uint16 max, uint16 ticks) public {
        (cumulative, tick) = (uint96(bound(cumulative, 0, 1 ether)), uint96(bound(tick, 1, 1e12)));
        max = uint16(bound(max, 0, 64));
        ticks = uint16(bound(ticks, 0, max));
        vm.assume(cumulative > 0 || ticks > 0);
        open();
        bytes32 seed = keccak256(abi.encode(tick));
        ISeaPurse.TickVoucher memory t =
            ISeaPurse.TickVoucher(payer, payee, LANE, cumulative, hashTimes(seed, max), tick, max);
        purse.redeemTicks(t, sign(KEY, address(purse), hashOf(t)), ticks, hashTimes(seed, max - ticks));
        assertEq(payee.balance, cumulative + uint256(ticks) * tick, "payee");
    }

    /// @notice Whatever else is reserved and spent, what is reserved for one is there for it.
    function testFuzz_reserve_isKept(uint96 first, uint96 second, uint96 spent) public {
        open();
        first = uint96(bound(first, 1, DEPOSIT));
        reserve(first, NOW + 100);
        address other = vm.addr(OTHER_KEY);
        ISeaPurse.Reserve memory r = ISeaPurse.Reserve(payer, other, LANE, uint96(bound(second, 1, DEPOSIT)), NOW + 100);
        try purse.reserve(r, sign(KEY, address(purse), hashOf(r))) {} catch {} // more than is left
        ISeaPurse.Voucher memory v = ISeaPurse.Voucher(payer, other, LANE, uint96(bound(spent, 1, 12 ether)));
        try purse.redeem(v, sign(KEY, address(purse), hashOf(v))) {} catch {} // nothing is left
        close();
        redeem(first);
        assertEq(payee.balance, first, "payee");
    }

    function testFuzz_claim_splitsAll(uint96 cumulative, uint96 fee, uint96 maxFee) public {
        cumulative = uint96(bound(cumulative, 1, DEPOSIT));
        maxFee = uint96(bound(maxFee, 0, cumulative));
        fee = uint96(bound(fee, 0, maxFee));
        open();
        address to = address(0x7070);
        ISeaPurse.Claim memory c = ISeaPurse.Claim(payer, key, LANE, to, maxFee, false, NEVER);
        ISeaPurse.Voucher memory v = voucherOf(cumulative);
        ISeaPurse.Signature memory byKey = sign(KEY, address(purse), hashOf(v));
        ISeaPurse.Signature memory byPayee = sign(PAYEE, address(purse), hashOf(c));
        vm.prank(stranger);
        purse.claimFor(v, byKey, c, byPayee, fee);
        assertEq(to.balance, cumulative - fee, "receiver");
        assertEq(stranger.balance, fee, "fee");
    }

    /// @notice No one takes money out before its time, whenever the tries.
    function testFuzz_withdraw_neverEarly(uint48 asked, uint48 tried, uint48 expiry) public {
        expiry = uint48(bound(expiry, NOW + 1, NOW + 60 days));
        openWith(key, expiry);
        vm.warp(bound(asked, NOW, NOW + 30 days));
        try this.requestUnlockFromOutside() {} catch {} // it has expired
        uint256 time = purse.unlockTime(payer, key);
        assertTrue(time >= NOW + DELAY && time <= uint256(expiry) + DELAY, "time");
        vm.warp(bound(tried, NOW, NOW + 90 days));
        if (block.timestamp < time) vm.expectRevert(abi.encodeWithSelector(ISeaPurse.StillLocked.selector, time));
        vm.prank(payer);
        purse.withdraw(key);
    }

    function outcome() private view returns (uint256 balance, uint256 first, uint256 second) {
        return (payee.balance, purse.lane(payer, key, payee, 0).paid, purse.lane(payer, key, payee, 1).paid);
    }

    function redeemFromOutside(uint96 cumulative) external {
        redeem(cumulative);
    }

    function requestUnlockFromOutside() external {
        requestUnlock();
    }
}
