// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISeaPurse} from "../src/ISeaPurse.sol";
import {SeaPurse} from "../src/SeaPurse.sol";
import {Signer} from "./Signer.sol";

/// @notice A purse of the native coin, a payer with its key, a payee, and somebody who has nothing to do with them.
abstract contract PurseTest is Signer {
    uint48 internal constant DELAY = 3 days;
    uint48 internal constant NOW = 1_800_000_000;
    uint48 internal constant NEVER = type(uint48).max;
    uint256 internal constant KEY = 0xA11CE;
    uint256 internal constant OTHER_KEY = 0xB0B;
    uint256 internal constant PAYEE = 0xCAFE;
    uint8 internal constant LANE = 0;
    uint96 internal constant DEPOSIT = 10 ether;

    SeaPurse internal purse;
    address internal payer = address(0xFA7E);
    address internal stranger = address(0x57A6);
    address internal key = vm.addr(KEY);
    address internal payee = vm.addr(PAYEE);

    function setUp() public virtual {
        vm.warp(NOW);
        vm.deal(payer, 100 ether);
        purse = new SeaPurse(address(0), DELAY);
    }

    // ------------------------------------------------------------------ calls

    function open() internal virtual {
        openWith(key, 0);
    }

    function openWith(address sessionKey, uint48 expiry) internal {
        vm.prank(payer);
        purse.open{value: DEPOSIT}(sessionKey, expiry, DEPOSIT);
    }

    function reserve(uint96 total, uint48 until) internal {
        ISeaPurse.Reserve memory r = reserveOf(total, until);
        ISeaPurse.Signature memory s = sign(KEY, address(purse), hashOf(r));
        vm.prank(stranger);
        purse.reserve(r, s);
    }

    function redeem(uint96 cumulative) internal {
        ISeaPurse.Voucher memory v = voucherOf(cumulative);
        ISeaPurse.Signature memory s = sign(KEY, address(purse), hashOf(v));
        vm.prank(stranger);
        purse.redeem(v, s);
    }

    function requestUnlock() internal {
        vm.prank(payer);
        purse.requestUnlock(key);
    }

    function withdraw() internal {
        vm.prank(payer);
        purse.withdraw(key);
    }

    /// @notice Unlocked, waited for, withdrawn.
    function close() internal {
        requestUnlock();
        vm.warp(block.timestamp + DELAY);
        withdraw();
    }

    // ------------------------------------------------------------------ what is signed

    function voucherOf(uint96 cumulative) internal view returns (ISeaPurse.Voucher memory) {
        return ISeaPurse.Voucher(payer, payee, LANE, cumulative);
    }

    function reserveOf(uint96 total, uint48 until) internal view returns (ISeaPurse.Reserve memory) {
        return ISeaPurse.Reserve(payer, payee, LANE, total, until);
    }

    function packed(uint96 cumulative) internal view returns (bytes memory) {
        ISeaPurse.Voucher memory v = voucherOf(cumulative);
        return pack(v, sign(KEY, address(purse), hashOf(v)));
    }

    /// @notice How redemption refuses whatever recovers to another key.
    function nothingToPay(bytes32 structHash, ISeaPurse.Signature memory s) internal view returns (bytes memory) {
        return abi.encodeWithSelector(ISeaPurse.NothingToPay.selector, recover(structHash, s));
    }

    function recover(bytes32 structHash, ISeaPurse.Signature memory s) internal view returns (address) {
        uint8 v = uint8(uint256(s.vs) >> 255) + 27;
        return ecrecover(digest(address(purse), structHash), v, s.r, bytes32(uint256(s.vs) & (type(uint256).max >> 1)));
    }

    // ------------------------------------------------------------------ what is kept

    function free() internal view returns (uint256) {
        return purse.purse(payer, key).free;
    }

    function lane() internal view returns (ISeaPurse.Lane memory) {
        return purse.lane(payer, key, payee, LANE);
    }
}
